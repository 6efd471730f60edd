namespace Pharos.Alerting.Templates.Values;

internal sealed record TemplateList(TemplateType Type, IReadOnlyList<TemplateValue> Items);
