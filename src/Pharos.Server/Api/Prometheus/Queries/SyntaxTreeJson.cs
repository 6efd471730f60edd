using System.Text.Json;
using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Text;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Server.Api.Prometheus.Queries;

/// <summary>A parsed query as <c>parse_query</c> shows it: the tree that Prometheus' interface explains.</summary>
/// <remarks>Durations that are computed when the query runs stand as 0, as in Prometheus.</remarks>
internal static class SyntaxTreeJson
{
    public static void Write(Utf8JsonWriter json, Expr expr)
    {
        json.WriteStartObject();
        switch (expr)
        {
            case AggregateExpr aggregate: WriteAggregate(json, aggregate); break;
            case BinaryExpr binary: WriteBinary(json, binary); break;
            case CallExpr call: WriteCall(json, call); break;
            case MatrixSelector matrix: WriteSelector(json, "matrixSelector", matrix.Vector, matrix); break;
            case VectorSelector vector: WriteSelector(json, "vectorSelector", vector, null); break;
            case SubqueryExpr subquery: WriteSubquery(json, subquery); break;
            case NumberLiteral number:
                json.WriteString("type", "numberLiteral");
                json.WriteString("val", GoFloat.FormatF(number.Value));
                break;
            case StringLiteral text:
                json.WriteString("type", "stringLiteral");
                json.WriteString("val", text.Value);
                break;
            case ParenExpr paren:
                json.WriteString("type", "parenExpr");
                WriteChild(json, "expr", paren.Inner);
                break;
            case UnaryExpr unary:
                json.WriteString("type", "unaryExpr");
                json.WriteString("op", unary.Negative ? "-" : "+");
                WriteChild(json, "expr", unary.Operand);
                break;
            default: throw new System.Diagnostics.UnreachableException(expr.GetType().Name);
        }
        json.WriteEndObject();
    }

    private static void WriteChild(Utf8JsonWriter json, string name, Expr? child)
    {
        json.WritePropertyName(name);
        if (child is null)
        {
            json.WriteNullValue();
            return;
        }
        Write(json, child);
    }

    private static void WriteAggregate(Utf8JsonWriter json, AggregateExpr aggregate)
    {
        json.WriteString("type", "aggregation");
        json.WriteString("op", aggregate.Operator.Symbol());
        WriteChild(json, "expr", aggregate.Operand);
        WriteChild(json, "param", aggregate.Parameter);
        JsonForms.WriteStrings(json, "grouping", aggregate.Grouping);
        json.WriteBoolean("without", aggregate.Without);
    }

    private static void WriteBinary(Utf8JsonWriter json, BinaryExpr binary)
    {
        json.WriteString("type", "binaryExpr");
        json.WriteString("op", binary.Operator.Symbol());
        WriteChild(json, "lhs", binary.Left);
        WriteChild(json, "rhs", binary.Right);
        json.WritePropertyName("matching");
        if (binary.Matching is { } matching)
        {
            WriteMatching(json, matching);
        }
        else
        {
            json.WriteNullValue();
        }
        json.WriteBoolean("bool", binary.ReturnBool);
    }

    private static void WriteMatching(Utf8JsonWriter json, VectorMatching matching)
    {
        json.WriteStartObject();
        json.WriteString("card", matching.Cardinality switch
        {
            MatchCardinality.OneToOne => "one-to-one",
            MatchCardinality.ManyToOne => "many-to-one",
            MatchCardinality.OneToMany => "one-to-many",
            _ => "many-to-many",
        });
        JsonForms.WriteStrings(json, "labels", matching.Labels);
        json.WriteBoolean("on", matching.On);
        JsonForms.WriteStrings(json, "include", matching.Include);
        json.WriteStartObject("fillValues");
        WriteFill(json, "lhs", matching.FillLeft);
        WriteFill(json, "rhs", matching.FillRight);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>JSON has no number for what is not finite: such a value stands as its text.</summary>
    private static void WriteFill(Utf8JsonWriter json, string name, double? value)
    {
        switch (value)
        {
            case null: json.WriteNull(name); break;
            case { } number when double.IsFinite(number): json.WriteNumber(name, number); break;
            case { } number: json.WriteString(name, GoFloat.FormatF(number)); break;
        }
    }

    private static void WriteCall(Utf8JsonWriter json, CallExpr call)
    {
        json.WriteString("type", "call");
        json.WriteStartObject("func");
        json.WriteString("name", call.Function.Name);
        JsonForms.WriteStrings(json, "argTypes", call.Function.ArgumentTypes.Select(type => type.Name()));
        json.WriteNumber("variadic", call.Function.Variadic);
        json.WriteString("returnType", call.Function.ReturnType.Name());
        json.WriteEndObject();
        json.WriteStartArray("args");
        foreach (var argument in call.Arguments)
        {
            Write(json, argument);
        }
        json.WriteEndArray();
    }

    private static void WriteSelector(Utf8JsonWriter json, string type, VectorSelector vector, MatrixSelector? matrix)
    {
        json.WriteString("type", type);
        json.WriteString("name", vector.Name);
        if (matrix is not null)
        {
            json.WriteNumber("range", matrix.RangeMs);
        }
        json.WriteNumber("offset", vector.OffsetMs);
        json.WriteStartArray("matchers");
        foreach (var matcher in vector.Matchers)
        {
            json.WriteStartObject();
            json.WriteString("name", matcher.Name);
            json.WriteString("value", matcher.Value);
            json.WriteString("type", Symbol(matcher.Type));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteAt(json, vector.At);
        json.WriteBoolean("anchored", vector.Extension == RangeExtension.Anchored);
        json.WriteBoolean("smoothed", vector.Extension == RangeExtension.Smoothed);
    }

    private static string Symbol(MatchType type) => type switch
    {
        MatchType.Equal => "=",
        MatchType.NotEqual => "!=",
        MatchType.Regex => "=~",
        _ => "!~",
    };

    private static void WriteSubquery(Utf8JsonWriter json, SubqueryExpr subquery)
    {
        json.WriteString("type", "subquery");
        WriteChild(json, "expr", subquery.Inner);
        json.WriteNumber("range", subquery.RangeMs);
        json.WriteNumber("offset", subquery.OffsetMs);
        json.WriteNumber("step", subquery.StepMs);
        WriteAt(json, subquery.At);
    }

    private static void WriteAt(Utf8JsonWriter json, AtModifier? at)
    {
        if (at?.TimestampMs is { } timestampMs)
        {
            json.WriteNumber("timestamp", timestampMs);
        }
        else
        {
            json.WriteNull("timestamp");
        }
        json.WriteString("startOrEnd", at?.Anchor switch
        {
            AtAnchor.Start => "start",
            AtAnchor.End => "end",
            _ => null,
        });
    }
}
