using Pharos.Query.PromQL.Syntax;

namespace Pharos.Server.Api.Prometheus.Queries;

/// <summary><c>format_query</c> and <c>parse_query</c>: what only looks at a query's text.</summary>
internal static class QueryTextEndpoints
{
    public static void Map(ApiRoutes routes)
    {
        routes.MapBoth("/format_query", request => Parsed(request, Format));
        routes.MapBoth("/parse_query", request => Parsed(
            request, expr => ApiReply.Data(json => SyntaxTreeJson.Write(json, expr))));
    }

    private static ApiReply Format(Expr expr)
    {
        var text = expr.Pretty();
        return ApiReply.Data(json => json.WriteStringValue(text));
    }

    private static ApiReply Parsed(ApiRequest request, Func<Expr, ApiReply> answer)
    {
        try
        {
            return answer(PromParser.Parse(request.Parameters.Text("query")));
        }
        catch (PromParseException e)
        {
            return ApiReply.Fail(ApiError.InvalidParameter("query", e.Message));
        }
    }
}
