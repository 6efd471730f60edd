namespace Pharos.Server.Dashboards.Model;

/// <summary>Replaces a value by a text and a colour. Exactly one of the conditions is set.</summary>
public sealed record ValueMapping
{
    /// <summary>The value as text, for instance <c>0</c>.</summary>
    public string? Value { get; init; }

    /// <summary>Inclusive; null is open.</summary>
    public (double? From, double? To)? Range { get; init; }

    public string? Regex { get; init; }

    /// <summary><c>null</c>, <c>nan</c>, <c>null+nan</c>, <c>true</c>, <c>false</c>, <c>empty</c>.</summary>
    public string? Special { get; init; }

    public string? Text { get; init; }

    public string? Color { get; init; }
}
