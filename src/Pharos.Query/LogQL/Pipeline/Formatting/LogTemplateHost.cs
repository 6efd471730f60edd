namespace Pharos.Query.LogQL.Pipeline.Formatting;

/// <summary>What a template's functions see beside the labels.</summary>
internal sealed record LogTemplateHost(string Line, long TimeNs, TimeProvider Time);
