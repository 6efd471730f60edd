using System.Globalization;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>The mail server: <c>host:port</c>.</summary>
internal sealed record HostAndPort(string Host, int Port)
{
    // https://www.iana.org/assignments/service-names-port-numbers
    private static readonly Dictionary<string, int> NamedPorts = new(StringComparer.Ordinal)
    {
        ["smtp"] = 25, ["mail"] = 25, ["smtps"] = 465, ["submissions"] = 465, ["submission"] = 587,
    };

    public static HostAndPort? Read(YamlValue value)
    {
        if (value.AsText() is not { Length: > 0 } text)
        {
            return null;
        }
        var colon = text.LastIndexOf(':');
        if (colon < 0 || colon == text.Length - 1)
        {
            value.Error($"address {YamlValue.Echo(text)}: port cannot be empty");
            return null;
        }
        if (text[..colon].Contains(':', StringComparison.Ordinal) && text[0] != '[')
        {
            value.Error($"address {YamlValue.Echo(text)}: too many colons in address");
            return null;
        }
        if (NamedPorts.TryGetValue(text[(colon + 1)..], out var named))
        {
            return new HostAndPort(text[..colon].Trim('[', ']'), named);
        }
        if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65535)
        {
            value.Error($"address {YamlValue.Echo(text)}: the port is not a number from 0 to 65535");
            return null;
        }
        return new HostAndPort(text[..colon].Trim('[', ']'), port);
    }
}
