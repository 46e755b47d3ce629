package dev.fairlead.app.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Logback without its search for a configuration: it looks for files and services in all jars, and
 * makes a log of its own with the rules of all time zones, only for {@link LogSetup} to take it
 * down. That is 30 ms of every start.
 */
public final class PlainLogback implements SLF4JServiceProvider {

  private static final String VERBOSITY = "slf4j.internal.verbosity";

  private final LoggerContext context = new LoggerContext();
  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final LogbackMDCAdapter mdc = new LogbackMDCAdapter();

  /** Makes it what slf4j takes, without a word. Before anything asks for a logger. */
  static void use() {
    System.setProperty("slf4j.provider", PlainLogback.class.getName());
    if (System.getProperty(VERBOSITY) == null) {
      System.setProperty(VERBOSITY, "WARN"); // else it tells on stderr whom it takes
    }
  }

  @Override
  public void initialize() {
    context.setName("default");
    context.setMDCAdapter(mdc);
    context.start();
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return context;
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return mdc;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99";
  }
}
