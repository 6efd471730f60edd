using Pharos.Query.Results;

namespace Pharos.Alerting.Rules;

/// <summary>Evaluates an instant query of logs, in LogQL, for one tenant.</summary>
/// <exception cref="QueryException">The query has no answer.</exception>
public delegate IReadOnlyList<VectorSample> LogRuleQuery(string tenant, string query, long timeMs, CancellationToken cancellation);
