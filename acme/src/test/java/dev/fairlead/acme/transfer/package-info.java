/** What other proxies leave behind, made here, and taken over. */
@NullMarked
package dev.fairlead.acme.transfer;

import org.jspecify.annotations.NullMarked;
