using Pharos.Storage.Text;

namespace Pharos.Collection.Shipping.Stages.Flow;

/// <summary>When <c>drop</c> drops: when everything holds that is set.</summary>
public sealed record DropOptions
{
    public IReadOnlyList<string> Sources { get; init; } = [];

    public string Separator { get; init; } = ";";

    public GoRegex? Expression { get; init; }

    public TimeSpan? OlderThan { get; init; }

    public long? LongerThanBytes { get; init; }

    public string Reason { get; init; } = "drop_stage";
}
