package dev.fairlead.app.alert;

import dev.fairlead.config.bootstrap.AlertSettings;
import dev.fairlead.config.routing.HostPattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All ways by which people are told. */
public final class Channels {

  private static final Logger LOG = LoggerFactory.getLogger(Channels.class);

  private final List<Channel> channels;
  private final Map<String, String> failing = new HashMap<>();

  Channels(List<Channel> channels) {
    this.channels = List.copyOf(channels);
  }

  /** Those of the settings. */
  static Channels of(AlertSettings settings) {
    return of(settings, Tries.USUAL);
  }

  private static Channels of(AlertSettings settings, Tries tries) {
    List<Channel> channels = new ArrayList<>();
    settings.webhook().ifPresent(it -> channels.add(new Webhook(it, settings.caFile(), tries)));
    settings.smtp().ifPresent(it -> channels.add(new Mail(it, settings.caFile(), tries)));
    return new Channels(channels);
  }

  /**
   * Sends a test message by all of them, once.
   *
   * @param lines gets what each answered
   * @return whether each took it
   */
  public static boolean test(AlertSettings settings, Instant now, Consumer<String> lines)
      throws InterruptedException {
    boolean all = true;
    for (Channel channel : of(settings, Tries.ONCE).channels) {
      try {
        String answer = channel.send(AlertMessage.test(machine(), now));
        lines.accept("%s: %s".formatted(channel.name(), answer));
      } catch (ChannelException e) {
        all = false;
        lines.accept("%s: not taken: %s".formatted(channel.name(), e.reason()));
      }
    }
    return all;
  }

  /**
   * Tells people. What a channel does not take is in the log once, until it takes something again.
   *
   * @return whether at least one took it
   */
  boolean tell(AlertMessage message) throws InterruptedException {
    boolean taken = false;
    for (Channel channel : channels) {
      try {
        channel.send(message);
        taken = true;
        if (failing.remove(channel.name()) != null) {
          LOG.info("alerts: {} takes messages again", channel.name());
        }
      } catch (ChannelException e) {
        if (!e.reason().equals(failing.put(channel.name(), e.reason()))) {
          LOG.warn("alerts: {} took no message: {}", channel.name(), e.reason());
        }
      }
    }
    return taken;
  }

  /** In a container its id, which is what its owner looks for; the DNS is not asked. */
  static String machine() {
    try {
      String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
      return HostPattern.parse(name).filter(host -> !host.isAddress()).isPresent()
          ? name
          : "localhost";
    } catch (IOException e) {
      return "localhost";
    }
  }
}
