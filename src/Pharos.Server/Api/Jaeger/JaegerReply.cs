using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Pharos.Server.Api.Jaeger;

/// <summary>Answers in the envelope of Jaeger's first API.</summary>
internal static class JaegerReply
{
    private static readonly JsonWriterOptions Pretty = JsonStream.WriterOptions with { Indented = true, IndentSize = 4 };

    /// <summary><c>{"data":X,"total":0,"limit":0,"offset":0,"errors":null}</c>.</summary>
    /// <param name="errors">Null for none.</param>
    public static Task DataAsync(
        JaegerRequest request, Func<JsonStream, ValueTask> data, int total = 0, Action<Utf8JsonWriter>? errors = null) =>
        JsonAsync(request, async stream =>
        {
            var json = stream.Writer;
            json.WriteStartObject();
            json.WritePropertyName("data");
            await data(stream);
            json.WriteNumber("total", total);
            json.WriteNumber("limit", 0);
            json.WriteNumber("offset", 0);
            json.WritePropertyName("errors");
            if (errors is null)
            {
                json.WriteNullValue();
            }
            else
            {
                errors(json);
            }
            json.WriteEndObject();
        });

    public static Task DataAsync(JaegerRequest request, Action<Utf8JsonWriter> data, int total = 0, Action<Utf8JsonWriter>? errors = null) =>
        DataAsync(
            request,
            stream =>
            {
                data(stream.Writer);
                return ValueTask.CompletedTask;
            },
            total, errors);

    public static async Task JsonAsync(JaegerRequest request, Func<JsonStream, ValueTask> write)
    {
        request.Context.Response.ContentType = "application/json";
        var options = request["prettyPrint"] is "" or "false" ? JsonStream.WriterOptions : Pretty;
        await using var stream = new JsonStream(request.Context.Response, options, request.Cancellation);
        await write(stream);
        await stream.EndAsync();
    }

    public static Task RefuseAsync(HttpContext context, int status, string message) => RefuseAsync(context, status, json =>
    {
        json.WriteStartObject();
        json.WriteNull("data");
        json.WriteNumber("total", 0);
        json.WriteNumber("limit", 0);
        json.WriteNumber("offset", 0);
        json.WriteStartArray("errors");
        json.WriteStartObject();
        json.WriteNumber("code", status);
        json.WriteString("msg", message);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>JSON that says of itself to be text: Jaeger sends its errors by Go's <c>http.Error</c>.</summary>
    public static async Task RefuseAsync(HttpContext context, int status, Action<Utf8JsonWriter> body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.XContentTypeOptions = new StringValues("nosniff");
        await using var stream = new JsonStream(context.Response, context.RequestAborted);
        body(stream.Writer);
        stream.Append("\n"u8);
        await stream.EndAsync();
    }
}
