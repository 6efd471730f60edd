using Pharos.Storage.Model;

namespace Pharos.Server.Api.Prometheus;

/// <summary>Parses one <c>match[]</c> value, a series selector such as <c>up{job="a"}</c>.</summary>
/// <returns>The matchers, or null with the reason in <paramref name="error"/>.</returns>
internal delegate IReadOnlyList<LabelMatcher>? SelectorParser(string selector, out string error);
