namespace Pharos.Query.Templates.Values;

public sealed record TemplateList(TemplateType Type, IReadOnlyList<TemplateValue> Items);
