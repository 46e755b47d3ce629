package dev.fairlead.config.load;

import java.util.List;

/**
 * What {@code fairlead check} found in a file.
 *
 * @param kind what the file was taken for
 * @param services those that are right and wholly known
 * @param unchecked the paths of labels whose values name a variable or an alias: what they will be
 *     is not known
 * @param problems all that is wrong, in the order of the paths; empty when the file is right
 */
public record CheckedFile(
    Kind kind, List<ServiceDefinition> services, List<String> unchecked, List<Problem> problems) {

  /** What a file is for. */
  public enum Kind {
    /** Settings of Fairlead, services, or both. */
    FAIRLEAD,
    /** A Compose file, as {@code docker stack deploy} takes it. */
    COMPOSE
  }

  public CheckedFile {
    services = List.copyOf(services);
    unchecked = List.copyOf(unchecked);
    problems = List.copyOf(problems);
  }
}
