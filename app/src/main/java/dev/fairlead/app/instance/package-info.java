/** One running proxy: the data plane, certificates and discovery, put together. */
@NullMarked
package dev.fairlead.app.instance;

import org.jspecify.annotations.NullMarked;
