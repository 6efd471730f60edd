using Pharos.Query.PromQL.Syntax;
using Pharos.Query.Results;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>Takes a parsed query from its text to its answer.</summary>
internal static class QueryRunner
{
    public static QueryValue Run(QueryContext context, Expr expr, bool instant) =>
        throw new QueryException(QueryErrorKind.Execution, $"not evaluated yet: {expr} {context.Grid} {instant}");
}
