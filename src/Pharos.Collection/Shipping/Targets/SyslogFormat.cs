namespace Pharos.Collection.Shipping.Targets;

/// <summary>How a syslog message is written.</summary>
public enum SyslogFormat
{
    Rfc5424,
    Rfc3164,
    Raw,
}
