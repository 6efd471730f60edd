using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Pharos.Server.Security;

/// <summary>Asks for user and password where the web configuration names users, and sets its headers. Stands before all else.</summary>
internal static class WebAccessGate
{
    public static void UseWebAccess(this IApplicationBuilder app, WebAccess access) => app.Use(async (context, next) =>
    {
        if (access.Current is not { } config)
        {
            await AnswerAsync(context, StatusCodes.Status500InternalServerError, "Internal Server Error\n");
            return;
        }
        if (config.Headers.Count > 0)
        {
            // Last, so that the user's words win over the defaults.
            context.Response.OnStarting(() =>
            {
                foreach (var (name, value) in config.Headers)
                {
                    context.Response.Headers[name] = value;
                }
                return Task.CompletedTask;
            });
        }
        if (!access.AllowsRequest())
        {
            await AnswerAsync(context, StatusCodes.Status429TooManyRequests, "Too Many Requests\n");
            return;
        }
        if (config.Users.Count > 0 && !await IsKnownAsync(context, access.Passwords, config.Users))
        {
            context.Response.Headers.WWWAuthenticate = "Basic";
            await AnswerAsync(context, StatusCodes.Status401Unauthorized, "Unauthorized\n");
            return;
        }
        await next(context);
    });

    private static async Task<bool> IsKnownAsync(HttpContext context, PasswordCheck passwords, IReadOnlyDictionary<string, string> users)
    {
        if (Credentials(context.Request.Headers.Authorization) is not var (user, password))
        {
            return false;
        }
        return await passwords.IsRightAsync(user, password, users.GetValueOrDefault(user), context.RequestAborted);
    }

    private static (string User, string Password)? Credentials(string? header)
    {
        if (!AuthenticationHeaderValue.TryParse(header, out var value)
            || !string.Equals(value.Scheme, "Basic", StringComparison.OrdinalIgnoreCase) || value.Parameter is null)
        {
            return null;
        }
        var bytes = new byte[value.Parameter.Length];
        if (!Convert.TryFromBase64String(value.Parameter, bytes, out var length))
        {
            return null;
        }
        var pair = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : (pair[..colon], pair[(colon + 1)..]);
    }

    private static Task AnswerAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return context.Response.WriteAsync(text);
    }
}
