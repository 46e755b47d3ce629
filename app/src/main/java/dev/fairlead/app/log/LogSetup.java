package dev.fairlead.app.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.fairlead.config.bootstrap.LogSettings;
import java.io.Console;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the log what the settings say. */
public final class LogSetup {

  private static final String TEXT =
      "%d{yyyy-MM-dd HH:mm:ss.SSS} %-5level %msg  [%logger{0}]%n%ex{short}";

  private LogSetup() {}

  /** Until the settings are known: warnings only, as text. First of all calls in {@code main}. */
  public static void early() {
    apply(new LogSettings(LogSettings.Format.TEXT, LogSettings.Level.WARN, false));
  }

  /** From now on as {@code settings} say. */
  public static void apply(LogSettings settings) {
    PlainLogback.use();
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    EncoderBase<ILoggingEvent> encoder = isJson(settings.format()) ? json() : text(context);
    encoder.setContext(context);
    encoder.start();
    appender.setEncoder(encoder);
    appender.start();
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    Level level = Level.valueOf(settings.level().name());
    // Libraries are heard when something is wrong, never with what they send: it has secrets in it.
    root.setLevel(Level.WARN.isGreaterOrEqual(level) ? Level.WARN : level);
    context.getLogger("dev.fairlead").setLevel(level);
  }

  /** Whether lines are JSON: as told, else when nobody reads them on a terminal. */
  public static boolean isJson(LogSettings.Format format) {
    return switch (format) {
      case TEXT -> false;
      case JSON -> true;
      case AUTO -> !isTerminal();
    };
  }

  // The JDK's own console is null without a terminal; the check knows another one only.
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  private static PatternLayoutEncoder text(LoggerContext context) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(TEXT);
    return encoder;
  }

  private static JsonEncoder json() {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.setWithContext(false);
    encoder.setWithMarkers(false);
    encoder.setWithMDC(false);
    encoder.setWithKVPList(false);
    encoder.setWithArguments(false);
    encoder.setWithMessage(false);
    encoder.setWithFormattedMessage(true);
    return encoder;
  }
}
