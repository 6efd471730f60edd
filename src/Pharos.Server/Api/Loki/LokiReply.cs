using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Pharos.Server.Api.Loki;

/// <summary>Answers in Loki's forms: JSON, and plain text for what is refused.</summary>
internal static class LokiReply
{
    public static async Task JsonAsync(HttpContext context, Func<JsonStream, ValueTask> write)
    {
        context.Response.ContentType = "application/json; charset=UTF-8";
        await using var stream = new JsonStream(context.Response, context.RequestAborted);
        await write(stream);
        await stream.EndAsync();
    }

    public static Task JsonAsync(HttpContext context, Action<Utf8JsonWriter> write) => JsonAsync(context, stream =>
    {
        write(stream.Writer);
        return ValueTask.CompletedTask;
    });

    /// <summary><c>{"status":"success","data":["a"]}</c>; without data where there are none, as in Loki.</summary>
    public static Task StringsAsync(HttpContext context, IReadOnlyCollection<string> values) => JsonAsync(context, async stream =>
    {
        stream.Writer.WriteStartObject();
        stream.Writer.WriteString("status", "success");
        if (values.Count > 0)
        {
            stream.Writer.WriteStartArray("data");
            foreach (var value in values)
            {
                stream.Writer.WriteStringValue(value);
                await stream.BreatheAsync();
            }
            stream.Writer.WriteEndArray();
        }
        stream.Writer.WriteEndObject();
    });

    public static Task TextAsync(HttpContext context, string text, string type = "text/plain; charset=utf-8", int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    /// <summary>As Go's <c>http.Error</c> does it.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string reason)
    {
        context.Response.Headers.XContentTypeOptions = new StringValues("nosniff");
        return TextAsync(context, reason + "\n", status: status);
    }
}
