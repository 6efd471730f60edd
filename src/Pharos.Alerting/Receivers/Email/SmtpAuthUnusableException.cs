namespace Pharos.Alerting.Receivers.Email;

/// <summary>The server offers no mechanism that the configuration has the means for; the message says what each one lacked.</summary>
internal sealed class SmtpAuthUnusableException(string message) : Exception(message);
