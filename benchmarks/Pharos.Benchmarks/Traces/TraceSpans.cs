using System.Globalization;
using System.Text;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Benchmarks.Traces;

/// <summary>Makes traces of ten spans with eleven attributes each, as requests to a shop would leave them; the same for the same seed.</summary>
/// <remarks>Of the attributes six are of few values, one has 50,000 (a customer), one is unique to its trace (a session), one is a path with a
/// number up to 100,000, one counts bytes, one is a thread. One span in a hundred fails.</remarks>
internal sealed class TraceSpans(int seed, long startNs = 1_795_000_000_000_000_000)
{
    public const int SpansPerTrace = 10;
    public const int Attributes = 11;
    public const int Services = 20;

    /// <summary>So many traces begin in a second.</summary>
    private const int TracesPerSecond = 500;

    private static readonly string[] Methods = ["GET", "GET", "GET", "GET", "POST", "PUT", "DELETE"];
    private static readonly string[] Statements =
    [
        "SELECT id, name, price FROM products WHERE id = $1", "UPDATE carts SET quantity = $1 WHERE id = $2",
        "INSERT INTO orders (id, customer, total) VALUES ($1, $2, $3)",
        "SELECT balance FROM accounts WHERE customer = $1 FOR UPDATE",
    ];

    private readonly Random _random = new(seed);
    private readonly ulong[] _ids = new ulong[SpansPerTrace];
    private readonly byte[] _text = new byte[256];
    private long _timeNs = startNs;

    public TraceId LastId { get; private set; }

    public string LastSession { get; private set; } = "";

    public long TimeNs => _timeNs;

    public static string ServiceOf(int number) => $"shop-service-{number:00}";

    /// <summary>Adds one trace.</summary>
    public void AddTo(SpanBatch batch)
    {
        _timeNs += _random.NextInt64(1, 2 * 1_000_000_000L / TracesPerSecond);
        LastId = new TraceId((ulong)_random.NextInt64(1, long.MaxValue), (ulong)_random.NextInt64(1, long.MaxValue));
        LastSession = ((ulong)_random.NextInt64(1L << 60, long.MaxValue)).ToString("x16", CultureInfo.InvariantCulture);
        var customer = _random.Next(50_000);
        var root = _random.Next(Services);
        var start = _timeNs;
        var duration = (long)(Math.Exp(_random.NextDouble() * 5) * 2_000_000);
        for (var i = 0; i < SpansPerTrace; i++)
        {
            var service = i == 0 ? root : (root + _random.Next(1, 6)) % Services;
            _ids[i] = (ulong)_random.NextInt64(1, long.MaxValue);
            Begin(batch, service);
            ref var span = ref batch.BeginSpan();
            span.TraceId = LastId;
            span.SpanId = _ids[i];
            span.ParentSpanId = i == 0 ? 0 : _ids[_random.Next(i)];
            span.StartNs = start;
            span.EndNs = start + duration;
            span.Kind = i == 0 ? SpanKind.Server : (SpanKind)_random.Next(1, 6);
            span.Status = _random.Next(100) == 0 ? SpanStatus.Error : SpanStatus.Unset;
            span.Flags = 0x101;
            var method = Methods[_random.Next(Methods.Length)];
            var route = _random.Next(8);
            span.Name = batch.Keep($"{method} /api/v1/resource-{(service * 3) + route}");
            AddAttributes(batch, method, service, route, customer, span.Status == SpanStatus.Error);
            start += _random.NextInt64(1000, Math.Max(2000, duration / 4));
            duration = Math.Max(50_000, (long)(duration * (0.3 + (_random.NextDouble() * 0.6))));
        }
    }

    private static void Begin(SpanBatch batch, int service)
    {
        batch.BeginResource();
        batch.AddAttribute("service.name"u8, AttributeKind.Text, Encoding.ASCII.GetBytes(ServiceOf(service)));
        batch.AddAttribute("service.version"u8, AttributeKind.Text, "1.14.2"u8);
        batch.AddAttribute("host.name"u8, AttributeKind.Text, Encoding.ASCII.GetBytes($"node-{service % 7}.shop.internal"));
        batch.AddAttribute("telemetry.sdk.language"u8, AttributeKind.Text, "dotnet"u8);
        batch.BeginScope("Shop.Instrumentation"u8, "1.0.0"u8);
    }

    private void AddAttributes(SpanBatch batch, string method, int service, int route, int customer, bool isError)
    {
        batch.AddAttribute("http.request.method"u8, AttributeKind.Text, Ascii(method));
        batch.AddAttribute("http.route"u8, AttributeKind.Text, Ascii($"/api/v1/resource-{(service * 3) + route}/{{id}}"));
        batch.AddAttribute("url.path"u8, AttributeKind.Text, Ascii($"/api/v1/resource-{(service * 3) + route}/{_random.Next(100_000)}"));
        batch.AddAttribute("http.response.status_code"u8, isError ? 500L : _random.Next(20) == 0 ? 404L : 200L);
        batch.AddAttribute("server.address"u8, AttributeKind.Text, Ascii($"{ServiceOf(service)}.shop.svc.cluster.local"));
        batch.AddAttribute("network.protocol.version"u8, AttributeKind.Text, "1.1"u8);
        batch.AddAttribute("enduser.id"u8, AttributeKind.Text, Ascii($"customer-{customer}"));
        batch.AddAttribute("session.id"u8, AttributeKind.Text, Ascii(LastSession));
        batch.AddAttribute("thread.id"u8, (long)_random.Next(1, 65));
        batch.AddAttribute("http.response.body.size"u8, (long)_random.Next(100, 30_000));
        batch.AddAttribute("db.query.text"u8, AttributeKind.Text, Ascii(Statements[_random.Next(Statements.Length)]));
    }

    private ReadOnlySpan<byte> Ascii(string text) => _text.AsSpan(0, Encoding.ASCII.GetBytes(text, _text));
}
