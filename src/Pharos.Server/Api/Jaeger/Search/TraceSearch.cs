using Pharos.Storage.Traces.Search;

namespace Pharos.Server.Api.Jaeger.Search;

/// <summary>What a search of Jaeger's APIs asks for. All of it must hold of one span.</summary>
internal sealed record TraceSearch
{
    public const int DefaultLimit = 100;

    /// <summary>Bounds the traces of one answer, whatever a client asks for.</summary>
    public const int MaxLimit = 10_000;

    /// <summary>Empty for any.</summary>
    public string Service { get; init; } = "";

    /// <summary>Empty for any.</summary>
    public string Operation { get; init; } = "";

    public IReadOnlyList<SearchTag> Tags { get; init; } = [];

    /// <summary>Inclusive.</summary>
    public long StartNs { get; init; } = long.MinValue;

    /// <summary>Inclusive.</summary>
    public long EndNs { get; init; } = long.MaxValue;

    /// <summary>0 for any; inclusive.</summary>
    public long MinDurationNs { get; init; }

    /// <summary>0 for any; inclusive.</summary>
    public long MaxDurationNs { get; init; }

    /// <summary>The newest are given; 0 for as many as one answer holds.</summary>
    public int Limit { get; init; } = DefaultLimit;

    /// <summary>As stored, without adjustments.</summary>
    public bool IsRaw { get; init; }

    public int MostTraces => Limit is > 0 and < MaxLimit ? Limit : MaxLimit;

    public TraceFilter ToFilter(string tenant)
    {
        var conditions = new List<SpanCondition>();
        if (Service.Length > 0)
        {
            conditions.Add(SearchConditions.Text(SpanField.Service, Service));
        }
        if (Operation.Length > 0)
        {
            conditions.Add(SearchConditions.Text(SpanField.Name, Operation));
        }
        if (MinDurationNs > 0)
        {
            conditions.Add(SearchConditions.Number(SpanField.Duration, SpanOperator.GreaterOrEqual, MinDurationNs));
        }
        if (MaxDurationNs > 0)
        {
            conditions.Add(SearchConditions.Number(SpanField.Duration, SpanOperator.LessOrEqual, MaxDurationNs));
        }
        conditions.AddRange(Tags.Select(SearchConditions.Of));
        return new TraceFilter
        {
            Tenant = tenant, StartNs = StartNs, EndNs = EndNs == long.MaxValue ? EndNs : EndNs + 1, Conditions = conditions,
        };
    }
}
