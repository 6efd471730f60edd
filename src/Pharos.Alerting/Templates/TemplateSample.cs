using Pharos.Storage.Model;

namespace Pharos.Alerting.Templates;

/// <summary>One element of what the template function <c>query</c> answers.</summary>
public sealed record TemplateSample(LabelSet Labels, double Value);
