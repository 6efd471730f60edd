using System.Globalization;
using System.Net;

namespace Pharos.Collection.Discovery.Dns;

/// <summary>Whom to ask for names and how, as <c>/etc/resolv.conf</c> says (resolv.conf(5)).</summary>
/// <param name="Search">Domains that are tried behind a name of fewer than <paramref name="Ndots"/> dots.</param>
internal sealed record ResolverConfig(
    IReadOnlyList<IPEndPoint> Servers, IReadOnlyList<string> Search, int Ndots, TimeSpan Timeout, int Attempts)
{
    public const string SystemFile = "/etc/resolv.conf";

    private const int DnsPort = 53;

    public static ResolverConfig ReadSystem() => Parse(File.ReadAllLines(SystemFile));

    public static ResolverConfig Parse(IEnumerable<string> lines)
    {
        var servers = new List<IPEndPoint>();
        IReadOnlyList<string> search = [];
        var (ndots, seconds, attempts) = (1, 5, 2);
        foreach (var line in lines)
        {
            var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || words[0].StartsWith('#') || words[0].StartsWith(';'))
            {
                continue;
            }
            switch (words[0])
            {
                case "nameserver" when IPAddress.TryParse(words[1], out var address):
                    servers.Add(new IPEndPoint(address, DnsPort));
                    break;
                case "domain":
                    search = [words[1]];
                    break;
                case "search":
                    search = words[1..];
                    break;
                case "options":
                    ndots = Option(words, "ndots", ndots, 15);
                    seconds = Math.Max(1, Option(words, "timeout", seconds, 30));
                    attempts = Math.Max(1, Option(words, "attempts", attempts, 5));
                    break;
            }
        }
        return new ResolverConfig(servers, search, ndots, TimeSpan.FromSeconds(seconds), attempts);
    }

    /// <summary>The fully qualified names to try for a name, in order; a final dot keeps the search list out.</summary>
    public IEnumerable<string> Candidates(string name)
    {
        if (name.EndsWith('.'))
        {
            return [name];
        }
        var qualified = Search.Select(domain => $"{name}.{domain.TrimEnd('.')}.");
        return name.Count(c => c == '.') >= Ndots ? qualified.Prepend($"{name}.") : qualified.Append($"{name}.");
    }

    private static int Option(string[] words, string name, int otherwise, int max)
    {
        var text = Array.Find(words, word => word.StartsWith($"{name}:", StringComparison.Ordinal));
        return text is not null && int.TryParse(text.AsSpan(name.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture,
            out var number) ? Math.Min(number, max) : otherwise;
    }
}
