namespace Pharos.Storage.Traces.Querying;

/// <summary>Gathers what spans have, without any order and as often as it comes.</summary>
internal interface ISpanFacts
{
    /// <summary>Whether it has all that it wants.</summary>
    bool IsFull { get; }

    bool WantsOperations { get; }

    /// <summary>The only service of which it wants operations; null where it wants to know of services alone, whatever name and kind come with them.</summary>
    string? WantedService { get; }

    /// <summary>Scopes of which it wants the attributes.</summary>
    AttributeScopes WantedScopes { get; }

    /// <summary>The only key of which it wants attributes, with their values; null where it wants the keys of all.</summary>
    string? WantedKey { get; }

    void Operation(string service, string name, SpanKind kind);

    void Key(string key);

    void Value(AttributeValue value);
}
