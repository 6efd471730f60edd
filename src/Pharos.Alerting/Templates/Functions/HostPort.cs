using System.Net;

namespace Pharos.Alerting.Templates.Functions;

/// <summary><c>host:port</c> taken apart as Go's <c>net.SplitHostPort</c> does.</summary>
internal static class HostPort
{
    public static string WithoutPort(string text) => TrySplit(text, out var host, out _) ? host : text;

    /// <summary>The host's first name; addresses stay whole.</summary>
    public static string WithoutDomain(string text)
    {
        var hasPort = TrySplit(text, out var host, out var port);
        if (!hasPort)
        {
            host = text;
        }
        if (IPAddress.TryParse(host, out _))
        {
            return text;
        }
        host = host.Split('.')[0];
        return hasPort && port.Length > 0 ? (host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{port}" : $"{host}:{port}") : host;
    }

    private static bool TrySplit(string text, out string host, out string port)
    {
        (host, port) = ("", "");
        var colon = text.LastIndexOf(':');
        if (colon < 0)
        {
            return false;
        }
        if (text[0] == '[')
        {
            var close = text.IndexOf(']', StringComparison.Ordinal);
            if (close < 0 || close + 1 != colon)
            {
                return false;
            }
            host = text[1..close];
        }
        else
        {
            host = text[..colon];
            if (host.Contains(':', StringComparison.Ordinal))
            {
                return false;
            }
        }
        port = text[(colon + 1)..];
        return host.AsSpan().IndexOfAny('[', ']') < 0 && port.AsSpan().IndexOfAny('[', ']') < 0;
    }
}
