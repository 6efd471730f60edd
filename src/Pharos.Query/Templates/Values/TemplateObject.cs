namespace Pharos.Query.Templates.Values;

/// <summary>A host object behind its <see cref="TemplateType"/>.</summary>
public sealed record TemplateObject(TemplateType Type, object Host);
