namespace Pharos.Alerting.Templates.Values;

/// <summary>A host object behind its <see cref="TemplateType"/>.</summary>
internal sealed record TemplateObject(TemplateType Type, object Host);
