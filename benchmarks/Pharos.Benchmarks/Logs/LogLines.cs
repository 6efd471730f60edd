using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Pharos.Benchmarks.Logs;

/// <summary>JSON lines of a web shop's services, the same for the same seed: about 230 bytes each, of twenty streams, in the order of their times.</summary>
internal sealed class LogLines(int seed, long startNs = 1_795_000_000_000_000_000)
{
    public const int Apps = 5;
    public const int PodsPerApp = 4;

    private static readonly string[] AppNames = ["orders", "payments", "catalog", "gateway", "accounts"];
    private static readonly string[] Methods = ["GET", "GET", "GET", "GET", "GET", "POST", "POST", "PUT", "DELETE"];
    private static readonly string[] Messages =
    [
        "request completed", "request completed", "request completed", "request completed", "cache miss, asking the database",
        "connection taken from the pool", "slow query", "token refreshed", "retrying after a timeout of the upstream", "payment authorised",
    ];

    private static readonly string[] Failures =
    [
        "upstream connect error or disconnect/reset before headers", "database is locked", "could not reserve stock",
        "context deadline exceeded", "unexpected end of JSON input",
    ];

    private static readonly byte[] Hex = Encoding.ASCII.GetBytes("0123456789abcdef");

    private readonly Random _random = new(seed);
    private readonly string[] _pods = MakePods(seed);
    private long _timeNs = startNs;

    /// <summary>Of the line that was made last.</summary>
    public long TimeNs => _timeNs;

    public int Stream { get; private set; }

    public string Level { get; private set; } = "";

    public string AppOf(int stream) => AppNames[stream / PodsPerApp];

    public string PodOf(int stream) => _pods[stream];

    /// <summary>Makes the next line, without a newline.</summary>
    /// <returns>Its length.</returns>
    public int Next(Span<byte> into)
    {
        // Twenty thousand lines a minute, in bursts.
        _timeNs += _random.Next(10) == 0 ? _random.Next(20_000_000) : _random.Next(4_000_000);
        var app = Skewed(Apps);
        Stream = (app * PodsPerApp) + _random.Next(PodsPerApp);
        var dice = _random.Next(1000);
        Level = dice switch { < 12 => "error", < 50 => "warn", < 250 => "debug", _ => "info" };
        var at = 0;
        Text(into, ref at, "{\"ts\":\"");
        var time = DateTimeOffset.UnixEpoch.AddTicks(_timeNs / 100);
        time.TryFormat(into[at..], out var written, "yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);
        at += written;
        var message = Level == "error" ? Failures[Skewed(Failures.Length)] : Messages[_random.Next(Messages.Length)];
        Text(into, ref at, "\",\"level\":\"", Level, "\",\"msg\":\"", message, "\",\"method\":\"", Methods[_random.Next(Methods.Length)], "\",\"path\":\"/api/v1/", AppNames[app], "/");
        Number(into, ref at, Skewed(200_000));
        Text(into, ref at, _random.Next(3) == 0 ? "/items" : "", "\",\"status\":");
        Number(into, ref at, Level == "error" ? 500 + _random.Next(4) : _random.Next(20) == 0 ? 404 : 200);
        Text(into, ref at, ",\"duration_ms\":");
        Number(into, ref at, Skewed(2000));
        Text(into, ref at, ".");
        Number(into, ref at, 100 + _random.Next(900));
        Text(into, ref at, ",\"bytes\":");
        Number(into, ref at, Skewed(60_000));
        Text(into, ref at, ",\"trace_id\":\"");
        for (var i = 0; i < 32; i++)
        {
            into[at++] = Hex[_random.Next(16)];
        }
        Text(into, ref at, "\",\"pod\":\"", _pods[Stream], "\"}");
        return at;
    }

    /// <summary>Small numbers more often than large ones.</summary>
    private int Skewed(int below) => (int)(below * Math.Pow(_random.NextDouble(), 3));

    private static string[] MakePods(int seed)
    {
        var random = new Random(seed);
        var pods = new string[Apps * PodsPerApp];
        for (var i = 0; i < pods.Length; i++)
        {
            pods[i] = $"{AppNames[i / PodsPerApp]}-{random.Next(0x10000000, int.MaxValue):x}-{random.Next(0x10000, 0xfffff):x}";
        }
        return pods;
    }

    private static void Text(Span<byte> into, ref int at, params ReadOnlySpan<string> texts)
    {
        foreach (var text in texts)
        {
            at += Encoding.ASCII.GetBytes(text, into[at..]);
        }
    }

    private static void Number(Span<byte> into, ref int at, int number)
    {
        Utf8Formatter.TryFormat(number, into[at..], out var written);
        at += written;
    }
}
