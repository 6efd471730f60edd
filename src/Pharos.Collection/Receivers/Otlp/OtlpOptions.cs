namespace Pharos.Collection.Receivers.Otlp;

/// <summary>The section <c>otlp</c>, validated. The defaults are those of Prometheus.</summary>
public sealed record OtlpOptions
{
    public TranslationStrategy Strategy { get; init; }

    /// <summary>Resource attributes that become labels of every series, beside those in <c>target_info</c>.</summary>
    public IReadOnlySet<string> PromoteResourceAttributes { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>All of them become labels, but for <see cref="IgnoreResourceAttributes"/>.</summary>
    public bool PromoteAllResourceAttributes { get; init; }

    public IReadOnlySet<string> IgnoreResourceAttributes { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Keeps <c>service.name</c>, <c>service.namespace</c> and <c>service.instance.id</c> in <c>target_info</c>,
    /// although they are in <c>job</c> and <c>instance</c>.</summary>
    public bool KeepIdentifyingResourceAttributes { get; init; }

    /// <summary>Explicit-bounds histograms become native ones with custom buckets.</summary>
    public bool ConvertHistogramsToNhcb { get; init; }

    /// <summary>The scope's name, version, schema URL and attributes become labels <c>otel_scope_*</c>.</summary>
    public bool PromoteScopeMetadata { get; init; }

    /// <summary>A label that begins with one underscore gets <c>key</c> in front.</summary>
    public bool LabelNameUnderscoreSanitization { get; init; } = true;

    /// <summary>Several underscores in a row stay as they are in the names of labels.</summary>
    public bool LabelNamePreserveMultipleUnderscores { get; init; } = true;
}
