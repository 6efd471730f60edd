namespace Pharos.Query.LogQL.Pipeline;

/// <summary>Where a label comes from.</summary>
internal enum LabelCategory : byte
{
    Stream,

    /// <summary>Structured metadata.</summary>
    Metadata,

    /// <summary>A parser or a format stage.</summary>
    Parsed,
}
