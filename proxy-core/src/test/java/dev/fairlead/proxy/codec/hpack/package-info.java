@NullMarked
package dev.fairlead.proxy.codec.hpack;

import org.jspecify.annotations.NullMarked;
