using Pharos.Storage.Text;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Search;

namespace Pharos.Storage.Tests.Traces;

/// <summary>Spans and filters by chance, from few enough values that they meet.</summary>
internal sealed class SomeSpans(Random random)
{
    private static readonly string[] Services = ["web", "cart", "db", ""];
    private static readonly string[] Names = ["GET /", "GET /cart", "SELECT", "über", ""];
    private static readonly string[] Keys = ["http.method", "status", "user", "ratio", "ok", "list", "raw", "none"];
    private static readonly string[] Texts = ["GET", "POST", "42", "1.5", "true", "", "AQIB", "ünï", "a longer text that repeats itself itself itself"];
    private static readonly long[] Numbers = [0, 1, -1, 42, 200, 500, long.MinValue, long.MaxValue, 1L << 53];
    private static readonly double[] Doubles = [0, -0.0, 1.5, 42, double.NaN, double.PositiveInfinity, 1e21, 1L << 53];

    public Span Next(int traces, long startNs)
    {
        var start = startNs + (random.Next(0, 40) * (random.Next(4) == 0 ? 17 : 1_000_000L));
        return new Span
        {
            TraceId = Make.Id((ulong)random.Next(1, traces + 1)),
            SpanId = (ulong)random.Next(1, 12),
            ParentSpanId = random.Next(3) == 0 ? 0 : (ulong)random.Next(1, 14),
            StartNs = start,
            EndNs = start + random.Next(-5, 100) * (random.Next(2) == 0 ? 1_000L : 3),
            Name = Pick(Names),
            Kind = (SpanKind)random.Next(0, 6),
            Status = (SpanStatus)random.Next(0, 3),
            StatusMessage = random.Next(5) == 0 ? Pick(Texts) : "",
            TraceState = random.Next(8) == 0 ? "vendor=1" : "",
            Flags = random.Next(3) == 0 ? 0x101u : 0,
            Resource = random.Next(6) == 0 ? SpanResource.None : Make.Service(Pick(Services), Make.Text("host", $"h{random.Next(3)}")),
            Scope = random.Next(3) == 0 ? SpanScope.None : new SpanScope($"lib{random.Next(2)}", random.Next(2) == 0 ? "1" : "", Attributes(1), 0, ""),
            Attributes = Attributes(4),
            DroppedAttributes = random.Next(10) == 0 ? 3u : 0,
            DroppedLinks = random.Next(10) == 0 ? 1u : 0,
            Events = [.. Enumerable.Range(0, random.Next(6) == 0 ? random.Next(1, 3) : 0).Select(_ =>
                new SpanEvent(start + random.Next(-3, 1000), Pick(Names), Attributes(2), 0))],
            Links = [.. Enumerable.Range(0, random.Next(8) == 0 ? 1 : 0).Select(_ =>
                new SpanLink(Make.Id((ulong)random.Next(9)), (ulong)random.Next(9), "", 1, Attributes(1), 2))],
        };
    }

    public TraceFilter Filter(string tenant, long startNs, long endNs) => new()
    {
        Tenant = tenant,
        StartNs = random.Next(3) == 0 ? Between(startNs, endNs) : long.MinValue,
        EndNs = random.Next(3) == 0 ? Between(startNs, endNs) : long.MaxValue,
        NeedsAll = random.Next(3) > 0,
        Conditions = [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => Condition())],
    };

    public SpanCondition Condition()
    {
        var field = (SpanField)random.Next(0, (int)SpanField.ScopeVersion + 1);
        var comparison = (SpanOperator)random.Next(0, (int)SpanOperator.NotMatches + 1);
        return new SpanCondition(field, comparison, ValueOf(field))
        {
            Key = random.Next(8) == 0 ? "host" : Pick(Keys),
            Scopes = random.Next(4) switch
            {
                0 => AttributeScopes.SpanOrResource,
                1 => AttributeScopes.Jaeger,
                2 => AttributeScopes.All,
                _ => (AttributeScopes)(1 << random.Next(5)),
            },
            Pattern = comparison is SpanOperator.Matches or SpanOperator.NotMatches ? GoRegex.Anchored(random.Next(2) == 0 ? ".*e.*" : "[A-Z]+.*") : null,
        };
    }

    private AttributeValue ValueOf(SpanField field) => random.Next(6) == 0 ? Value() : field switch
    {
        SpanField.Kind or SpanField.Status => AttributeValue.OfInt(random.Next(0, 5)),
        SpanField.Duration or SpanField.TraceDuration => random.Next(3) == 0
            ? AttributeValue.OfDouble(random.Next(0, 100_000)) : AttributeValue.OfInt(random.Next(-10, 50_000_000)),
        SpanField.Service or SpanField.RootService => AttributeValue.OfText(random.Next(4) == 0 ? SpanResource.UnknownService : Pick(Services)),
        SpanField.Name or SpanField.RootName or SpanField.EventName => AttributeValue.OfText(Pick(Names)),
        SpanField.ScopeName => AttributeValue.OfText("lib1"),
        SpanField.ScopeVersion => AttributeValue.OfText("1"),
        _ => Value(),
    };

    private SpanAttribute[] Attributes(int most) =>
        [.. Enumerable.Range(0, random.Next(0, most + 1)).Select(_ => new SpanAttribute(Pick(Keys), Value()))];

    private AttributeValue Value() => random.Next(9) switch
    {
        0 => AttributeValue.OfInt(Pick(Numbers)),
        1 => AttributeValue.OfDouble(Pick(Doubles)),
        2 => AttributeValue.OfBool(random.Next(2) == 0),
        3 => AttributeValue.OfBytes(new byte[] { 1, 2, (byte)random.Next(3) }),
        4 => AttributeValue.OfJson(AttributeKind.Array, "[1,2]"),
        5 => AttributeValue.OfJson(AttributeKind.Map, "{\"a\":1}"),
        6 => AttributeValue.Empty,
        _ => AttributeValue.OfText(Pick(Texts)),
    };

    private T Pick<T>(T[] values) => values[random.Next(values.Length)];

    private long Between(long low, long high) => low + (long)(random.NextDouble() * (high - low));
}
