using Pharos.Query.Results;

namespace Pharos.Alerting.Rules;

/// <summary>Evaluates an instant query to a vector; a scalar is one element without labels.</summary>
/// <exception cref="QueryException">The query has no answer.</exception>
internal delegate IReadOnlyList<VectorSample> RuleQuery(RuleExpression expression, long timeMs, CancellationToken cancellation);
