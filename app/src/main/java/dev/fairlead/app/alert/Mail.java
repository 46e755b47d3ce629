package dev.fairlead.app.alert;

import dev.fairlead.config.bootstrap.SmtpSettings;
import dev.fairlead.config.bootstrap.SmtpSettings.Tls;
import jakarta.activation.DataHandler;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.util.ByteArrayDataSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/** Tells by mail. */
final class Mail implements Channel {

  private static final String LIMIT_MILLIS = "10000";

  private final SmtpSettings settings;
  private final Optional<Path> caFile;
  private final Tries tries;
  private final Unsecret plain;

  Mail(SmtpSettings settings, Optional<Path> caFile, Tries tries) {
    this.settings = settings;
    this.caFile = caFile;
    this.tries = tries;
    this.plain = new Unsecret(settings.login().map(Mail::secrets).orElse(List.of()));
  }

  /** As they are, and as SMTP sends them (RFC 4616): servers like to repeat it in errors. */
  private static List<String> secrets(SmtpSettings.Login login) {
    String plain = "%1$s\0%1$s\0%2$s".formatted(login.user(), login.password());
    List<String> secrets = new ArrayList<>();
    secrets.add(Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8)));
    secrets.add(login.password());
    secrets.addAll(Unsecret.inBase64(login.password()));
    return secrets;
  }

  @Override
  public String name() {
    return "mail by " + settings.host();
  }

  @Override
  public String send(AlertMessage message) throws ChannelException, InterruptedException {
    Session session = Session.getInstance(properties(message.from()));
    return tries.run(() -> once(session, message));
  }

  private Properties properties(String machine) throws ChannelException {
    Properties properties = new Properties();
    properties.setProperty("mail.smtp.connectiontimeout", LIMIT_MILLIS);
    properties.setProperty("mail.smtp.timeout", LIMIT_MILLIS);
    properties.put("mail.smtp.socketFactory", new BoundedSockets());
    // Else what one factory refuses is tried again with the JDK's own.
    properties.setProperty("mail.smtp.socketFactory.fallback", "false");
    properties.setProperty("mail.smtp.auth", String.valueOf(settings.login().isPresent()));
    properties.setProperty("mail.smtp.auth.mechanisms", "PLAIN LOGIN");
    // Else both would be made of what DNS says this machine is called.
    properties.setProperty("mail.smtp.localhost", machine);
    properties.setProperty("mail.from", settings.from());
    if (settings.tls() != Tls.NONE) {
      String how = settings.tls() == Tls.TLS ? "mail.smtp.ssl.enable" : "mail.smtp.starttls.enable";
      properties.setProperty(how, "true");
      properties.setProperty("mail.smtp.starttls.required", "true");
      properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
      properties.put("mail.smtp.ssl.socketFactory", Trust.context(caFile).getSocketFactory());
    }
    return properties;
  }

  private String once(Session session, AlertMessage message) throws ChannelException {
    try (Transport transport = session.getTransport("smtp")) {
      MimeMessage mail = mail(session, message);
      transport.connect(
          settings.host(),
          settings.port(),
          settings.login().map(SmtpSettings.Login::user).orElse(null),
          settings.login().map(SmtpSettings.Login::password).orElse(null));
      transport.sendMessage(mail, mail.getAllRecipients());
      return "taken";
    } catch (MessagingException e) {
      boolean lasting =
          e instanceof AuthenticationFailedException || e instanceof SendFailedException;
      throw new ChannelException(plain.line(reason(e)), lasting);
    }
  }

  private MimeMessage mail(Session session, AlertMessage message) throws MessagingException {
    MimeMessage mail = new MimeMessage(session);
    mail.setFrom(new InternetAddress(settings.from()));
    for (String to : settings.to()) {
      mail.addRecipient(Message.RecipientType.TO, new InternetAddress(to));
    }
    mail.setSubject(message.title(), "UTF-8");
    // As bytes with their type: whole texts would need a registry of converters from the class
    // path.
    byte[] text = (message.text() + "\n").getBytes(StandardCharsets.UTF_8);
    mail.setDataHandler(
        new DataHandler(new ByteArrayDataSource(text, "text/plain; charset=UTF-8")));
    mail.setSentDate(Date.from(message.time()));
    mail.setHeader("Auto-Submitted", "auto-generated"); // RFC 3834: nobody's robot answers
    mail.saveChanges();
    return mail;
  }

  /** What the server or the network said, with what lies below it. */
  private static String reason(MessagingException e) {
    StringBuilder said = new StringBuilder(said(e));
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      said.append(": ").append(said(cause));
    }
    return said.toString();
  }

  private static String said(Throwable e) {
    String message = e.getMessage();
    return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
  }
}
