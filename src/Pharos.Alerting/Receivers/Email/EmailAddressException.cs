namespace Pharos.Alerting.Receivers.Email;

/// <summary>An address that is none: no attempt can succeed.</summary>
internal sealed class EmailAddressException(string message) : Exception(message);
