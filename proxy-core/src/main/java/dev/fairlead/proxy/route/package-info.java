/** Host, then path: which cluster a request goes to. No Netty types. */
@NullMarked
package dev.fairlead.proxy.route;

import org.jspecify.annotations.NullMarked;
