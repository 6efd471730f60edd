using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Pharos.Server.Api.Prometheus;

/// <summary>What an endpoint answers: data with annotations, or an error; both in Prometheus' envelope.</summary>
internal sealed class ApiReply
{
    /// <summary>How many warnings and how many infos one answer carries at most; Prometheus has the same limit.</summary>
    private const int MaxAnnotations = 10;

    private readonly Func<JsonStream, ValueTask>? _data;
    private readonly ApiError? _error;

    private ApiReply(Func<JsonStream, ValueTask>? data, ApiError? error)
    {
        _data = data;
        _error = error;
    }

    public IReadOnlyCollection<string> Warnings { get; private init; } = [];

    public IReadOnlyCollection<string> Infos { get; private init; } = [];

    public static ApiReply Data(
        Action<Utf8JsonWriter> write, IReadOnlyCollection<string>? warnings = null, IReadOnlyCollection<string>? infos = null) =>
        Stream(
            stream =>
            {
                write(stream.Writer);
                return ValueTask.CompletedTask;
            },
            warnings,
            infos);

    public static ApiReply Stream(
        Func<JsonStream, ValueTask> write, IReadOnlyCollection<string>? warnings = null, IReadOnlyCollection<string>? infos = null) =>
        new(write, null) { Warnings = warnings ?? [], Infos = infos ?? [] };

    public static ApiReply Strings(IReadOnlyList<string> values, IReadOnlyCollection<string>? warnings = null) =>
        Stream(
            async stream =>
            {
                stream.Writer.WriteStartArray();
                foreach (var value in values)
                {
                    stream.Writer.WriteStringValue(value);
                    await stream.BreatheAsync();
                }
                stream.Writer.WriteEndArray();
            },
            warnings);

    /// <summary>204 with nothing in it: a deed without an answer, or a question that has none.</summary>
    public static ApiReply Nothing() => new(null, null);

    public static ApiReply Fail(ApiError error) => new(null, error);

    public static ApiReply Fail(ApiErrorType type, string message) => new(null, new ApiError(type, message));

    public async Task WriteAsync(HttpContext context)
    {
        if (_error is null && _data is null)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        context.Response.ContentType = "application/json";
        context.Response.StatusCode = _error?.StatusCode ?? StatusCodes.Status200OK;
        await using var stream = new JsonStream(context.Response, context.RequestAborted);
        var json = stream.Writer;
        json.WriteStartObject();
        if (_error is not null)
        {
            json.WriteString("status", "error");
            json.WriteString("errorType", _error.TypeName);
            json.WriteString("error", _error.Message);
        }
        else
        {
            json.WriteString("status", "success");
            json.WritePropertyName("data");
            await _data!(stream);
            WriteAnnotations(json, "warnings", "warning", Warnings);
            WriteAnnotations(json, "infos", "info", Infos);
        }
        json.WriteEndObject();
        await stream.EndAsync();
    }

    private static void WriteAnnotations(
        Utf8JsonWriter json, string name, string one, IReadOnlyCollection<string> annotations)
    {
        if (annotations.Count == 0)
        {
            return;
        }
        IEnumerable<string> shown = annotations.Take(MaxAnnotations);
        if (annotations.Count > MaxAnnotations)
        {
            shown = shown.Append($"{annotations.Count - MaxAnnotations} more {one} annotations omitted");
        }
        JsonForms.WriteStrings(json, name, shown);
    }
}
