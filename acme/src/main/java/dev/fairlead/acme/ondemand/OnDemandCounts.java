package dev.fairlead.acme.ondemand;

/**
 * What became of clients who came for names on demand, since the start.
 *
 * @param names that are wanted now
 * @param allowed names that were new
 * @param refused clients whose name no rule allows
 * @param failed clients whose name nobody could decide about
 * @param limited clients who came when there were names enough, or too many to decide about
 */
public record OnDemandCounts(long names, long allowed, long refused, long failed, long limited) {}
