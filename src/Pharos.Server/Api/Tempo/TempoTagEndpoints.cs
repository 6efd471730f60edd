using System.Text.Json;
using Pharos.Query.TraceQL;
using Pharos.Query.TraceQL.Syntax;
using Pharos.Query.TraceQL.Values;
using Pharos.Query.TraceQL.Vocabulary;
using Pharos.Server.Api.Loki;
using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Tempo;

/// <summary>Names of attributes and their values, for completion.</summary>
internal sealed class TempoTagEndpoints(ITraceStore store, TempoQueries queries)
{
    /// <summary>Names or values that an answer holds at most, and by default.</summary>
    private const int MaxValues = 10_000;

    private const string IntrinsicScope = "intrinsic";

    private static readonly FieldScope[] Scopes = [FieldScope.Resource, FieldScope.Span, FieldScope.Event, FieldScope.Link, FieldScope.Instrumentation];

    public void Map(TempoRoutes routes)
    {
        routes.Map("/api/search/tags", NamesAsync);
        routes.Map("/api/v2/search/tags", ScopedNamesAsync);
        routes.Map("/api/search/tag/{tag}/values", ValuesAsync);
        routes.Map("/api/v2/search/tag/{tag}/values", TypedValuesAsync);
    }

    private async Task NamesAsync(TempoRequest request)
    {
        var (scopes, intrinsics) = ScopesOf(request);
        var isAll = request.Text("scope") is "" or "none" or "all";
        var found = await KeysAsync(request, scopes, null);
        var names = found.SelectMany(static pair => pair.Names).Concat(intrinsics && !isAll ? Intrinsics.All : []).Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal).ToList();
        await JsonAsync(request, json => Strings(json, "tagNames", names));
    }

    private async Task ScopedNamesAsync(TempoRequest request)
    {
        var (scopes, intrinsics) = ScopesOf(request);
        var found = await KeysAsync(request, scopes, Filter(request));
        await JsonAsync(request, json =>
        {
            json.WriteStartArray("scopes"u8);
            foreach (var (scope, names) in found)
            {
                if (names.Count > 0)
                {
                    Scope(json, Name(scope), names);
                }
            }
            if (intrinsics)
            {
                Scope(json, IntrinsicScope, Intrinsics.All);
            }
            json.WriteEndArray();
        });
    }

    private async Task ValuesAsync(TempoRequest request)
    {
        var tag = Tag(request);
        FieldExpr field = Intrinsics.TryParse(tag, out var intrinsic) ? new FieldExpr.Intrinsic(intrinsic)
            : new FieldExpr.Attribute(FieldScope.Any, false, tag);
        var values = await ValuesAsync(request, field, null);
        await JsonAsync(request, json => Strings(
            json, "tagValues", [.. values.Select(static value => value.ToPlainText()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]));
    }

    private async Task TypedValuesAsync(TempoRequest request)
    {
        FieldExpr field;
        try
        {
            field = TraceParser.ParseField(Tag(request));
        }
        catch (TraceParseException e)
        {
            throw TempoRefusal.BadRequest($"invalid tag name: {e.Message}");
        }
        var values = await ValuesAsync(request, field, Filter(request));
        await JsonAsync(request, json =>
        {
            json.WriteStartArray("tagValues"u8);
            foreach (var value in values.OrderBy(static value => value.ToPlainText(), StringComparer.Ordinal))
            {
                json.WriteStartObject();
                json.WriteString("type"u8, TypeName(value));
                json.WriteString("value"u8, value.ToPlainText());
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }

    private static string Tag(TempoRequest request) => Uri.UnescapeDataString((string)request.Context.Request.RouteValues["tag"]!);

    /// <summary>What cannot be read of a query does not narrow the answer.</summary>
    private static SpansetExpr.Filter? Filter(TempoRequest request) => request.Has("q") ? TraceParser.ParseUnfinished(request.Text("q")) : null;

    private static (IReadOnlyList<FieldScope> Scopes, bool Intrinsics) ScopesOf(TempoRequest request)
    {
        var name = request.Text("scope");
        if (name is "" or "none" or "all")
        {
            return (Scopes, true);
        }
        if (name == IntrinsicScope)
        {
            return ([], true);
        }
        return Array.Find(Scopes, scope => Name(scope) == name) is not FieldScope.Any and var found ? ([found], false)
            : throw TempoRefusal.BadRequest($"invalid scope: {name}");
    }

    private static string Name(FieldScope scope) => scope.ToString().ToLowerInvariant();

    private static string TypeName(in TraceValue value) => value.Type switch
    {
        TraceValueKind.Int => "int",
        TraceValueKind.Float => "float",
        TraceValueKind.Bool => "bool",
        TraceValueKind.Duration => "duration",
        TraceValueKind.Status or TraceValueKind.Kind => "keyword",
        _ => "string",
    };

    private Task<List<(FieldScope Scope, IReadOnlyList<string> Names)>> KeysAsync(
        TempoRequest request, IReadOnlyList<FieldScope> scopes, SpansetExpr.Filter? filter)
    {
        var names = new TraceNames(store, Search(request), filter);
        return queries.RunAsync(
            engine => engine.RunAsync(token => scopes.Select(scope => (scope, names.Keys(scope, token))).ToList(), request.Cancellation), request.Cancellation);
    }

    private Task<IReadOnlyList<TraceValue>> ValuesAsync(TempoRequest request, FieldExpr field, SpansetExpr.Filter? filter)
    {
        var names = new TraceNames(store, Search(request), filter);
        return queries.RunAsync(engine => engine.RunAsync(token => names.Values(field, token), request.Cancellation), request.Cancellation);
    }

    private static TraceSearchRequest Search(TempoRequest request)
    {
        var (startNs, endNs) = request.Range();
        return new TraceSearchRequest
        {
            Tenant = request.Tenant, StartNs = startNs, EndNs = endNs, Limit = Math.Min(MaxValues, request.Count("limit", MaxValues, "limit")),
        };
    }

    private static Task JsonAsync(TempoRequest request, Action<Utf8JsonWriter> write) => LokiReply.JsonAsync(request.Context, json =>
    {
        json.WriteStartObject();
        write(json);
        json.WriteStartObject("metrics"u8);
        json.WriteNumber("completedJobs"u8, 1);
        json.WriteNumber("totalJobs"u8, 1);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static void Scope(Utf8JsonWriter json, string name, IReadOnlyList<string> tags)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        Strings(json, "tags", tags);
        json.WriteEndObject();
    }

    private static void Strings(Utf8JsonWriter json, string property, IReadOnlyList<string> values)
    {
        json.WriteStartArray(property);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }
        json.WriteEndArray();
    }
}
