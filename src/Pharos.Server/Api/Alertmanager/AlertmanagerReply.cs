using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Pharos.Server.Api.Alertmanager;

/// <summary>Answers in the forms of Alertmanager's API: bare JSON, a JSON string for what the API refuses, and an object
/// with a code for what its schema refuses.</summary>
internal static class AlertmanagerReply
{
    public static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        await using var stream = new JsonStream(context.Response, context.RequestAborted);
        write(stream.Writer);
        await stream.EndAsync();
    }

    public static Task RefuseAsync(HttpContext context, int status, string reason) =>
        WriteAsync(context, json => json.WriteStringValue(reason), status);

    /// <param name="code">Of go-openapi: 400 for a body that is no JSON, 415 for another media type,
    /// 601 for a wrong type, 602 for what is missing.</param>
    public static Task RefuseSchemaAsync(HttpContext context, int code, string message) =>
        WriteAsync(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WriteNumber("code", code);
                json.WriteString("message", message);
                json.WriteEndObject();
            },
            code < 600 ? code : StatusCodes.Status422UnprocessableEntity);
}
