using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Loki;

/// <summary>An item of <c>retention_stream</c>.</summary>
internal sealed record LokiStreamRetention(string Selector, IReadOnlyList<LabelMatcher> Matchers, int Priority, TimeSpan Period);
