namespace Pharos.Storage.Traces.Querying;

/// <summary>Distinct operations, keys or values, up to a number of them.</summary>
internal sealed class GatheredFacts : ISpanFacts
{
    private readonly int _limit;

    private GatheredFacts(string? service, AttributeScopes scopes, string? key, int limit, bool wantsOperations) =>
        (WantedService, WantedScopes, WantedKey, _limit, WantsOperations) = (service, scopes, key, limit, wantsOperations);

    public HashSet<string> Services { get; } = new(StringComparer.Ordinal);

    public HashSet<OperationName> Operations { get; } = [];

    public HashSet<string> Keys { get; } = new(StringComparer.Ordinal);

    public HashSet<AttributeValue> Values { get; } = [];

    /// <summary>The first keys in order are known only at the end.</summary>
    public bool IsFull => Values.Count >= _limit;

    public bool WantsOperations { get; }

    public string? WantedService { get; }

    public AttributeScopes WantedScopes { get; }

    public string? WantedKey { get; }

    public static GatheredFacts OfServices() => new(null, AttributeScopes.None, null, int.MaxValue, wantsOperations: true);

    public static GatheredFacts OfOperations(string service) => new(service, AttributeScopes.None, null, int.MaxValue, wantsOperations: true);

    public static GatheredFacts OfKeys(AttributeScopes scopes) => new(null, scopes, null, int.MaxValue, wantsOperations: false);

    public static GatheredFacts OfValues(AttributeScopes scopes, string key, int limit) => new(null, scopes, key, limit, wantsOperations: false);

    public void Operation(string service, string name, SpanKind kind)
    {
        if (WantedService is null)
        {
            Services.Add(service);
        }
        else if (service == WantedService)
        {
            Operations.Add(new OperationName(name, kind));
        }
    }

    public void Key(string key) => Keys.Add(key);

    public void Value(AttributeValue value)
    {
        if (Values.Count < _limit)
        {
            Values.Add(value);
        }
    }
}
