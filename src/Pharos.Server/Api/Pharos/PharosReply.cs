using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Pharos.Server.Api.Alertmanager;

namespace Pharos.Server.Api.Pharos;

/// <summary>The shapes that the answers of <c>/api/pharos</c> share.</summary>
internal static class PharosReply
{
    public static Task RefuseAsync(HttpContext context, int status, string error) => AlertmanagerReply.WriteAsync(
        context,
        json =>
        {
            json.WriteStartObject();
            json.WriteString("error", error);
            json.WriteEndObject();
        },
        status);

    /// <summary>An object with one list.</summary>
    public static Task WriteListAsync<T>(HttpContext context, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write) =>
        AlertmanagerReply.WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray(name);
            foreach (var item in items)
            {
                write(json, item);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
}
