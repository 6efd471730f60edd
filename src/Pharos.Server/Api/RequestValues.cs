using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Pharos.Server.Api;

/// <summary>The parameters of a request: those of a form first, then those of the address, as Go's <c>r.Form</c>.</summary>
internal sealed class RequestValues
{
    /// <summary>Bounds what one form may hold; Go refuses bodies above the same 10 MiB.</summary>
    private const int MaxFormBytes = 10 * 1024 * 1024;

    private static readonly FormOptions Limits = new()
    {
        BufferBodyLengthLimit = MaxFormBytes,
        ValueLengthLimit = MaxFormBytes,
        ValueCountLimit = 10_000,
    };

    private readonly IQueryCollection _query;
    private readonly IFormCollection? _form;

    private RequestValues(IQueryCollection query, IFormCollection? form)
    {
        _query = query;
        _form = form;
    }

    /// <exception cref="InvalidDataException">The form is broken or larger than the limit.</exception>
    public static async ValueTask<RequestValues> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        var form = HttpMethods.IsPost(request.Method) && request.HasFormContentType
            ? await request.ReadFormAsync(Limits, context.RequestAborted) : null;
        return new RequestValues(request.Query, form);
    }

    /// <summary>The first value, or the empty string.</summary>
    public string this[string name]
    {
        get
        {
            var all = All(name);
            return all.Count == 0 ? "" : all[0];
        }
    }

    public bool Has(string name) => _query.ContainsKey(name) || (_form?.ContainsKey(name) ?? false);

    public IReadOnlyList<string> All(string name)
    {
        var fromForm = _form is null ? StringValues.Empty : _form[name];
        var fromQuery = _query[name];
        var values = new List<string>(fromForm.Count + fromQuery.Count);
        foreach (var value in fromForm)
        {
            values.Add(value ?? "");
        }
        foreach (var value in fromQuery)
        {
            values.Add(value ?? "");
        }
        return values;
    }
}
