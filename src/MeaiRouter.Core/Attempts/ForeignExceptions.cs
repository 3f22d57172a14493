using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text.Json;
using MeaiRouter.Limits;

namespace MeaiRouter.Attempts;

/// <summary>What the exceptions of SDKs hold, which share no type but a few habits. Read by name, because Core knows no SDK.</summary>
/// <remarks>
/// The status is called <c>Status</c> (System.ClientModel, Azure) or <c>StatusCode</c> (Anthropic and others). Headers and body are
/// behind <c>GetRawResponse()</c> (System.ClientModel, Azure), in a property (<c>Headers</c>, <c>ResponseHeaders</c>,
/// <c>ResponseBody</c>), or nowhere; then only the message is left.
/// </remarks>
internal static class ForeignExceptions
{
    private const string Trimmed = "Where trimming removed the member the fact is unknown, which is safe.";
    private const BindingFlags PublicInstance = BindingFlags.Public | BindingFlags.Instance;

    // Whoever catches and rethrows an exception can leave a note on it.
    private const string Note = "Retry-After";

    /// <summary>The HTTP status; <see langword="null"/> if none is known.</summary>
    public static int? Status(Exception exception)
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            if (current is HttpRequestException { StatusCode: { } code })
                return (int)code;
            foreach (var value in Values(current, "Status", "StatusCode"))
            {
                if (value is int or HttpStatusCode)
                    return (int)value;
            }
        }

        return null;
    }

    /// <summary>How long the provider asked to wait; <see langword="null"/> if it did not say.</summary>
    public static TimeSpan? RetryAfter(Exception exception, FailureKind kind, DateTimeOffset now)
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            if ((Noted(current, now) ?? Stated(current, kind, now)) is { } delay)
                return delay;
        }

        return null;
    }

    private static TimeSpan? Stated(Exception exception, FailureKind kind, DateTimeOffset now)
    {
        var response = RawResponse(exception);
        var headers = new RetryHeaders(now);
        ReadHeaders(response, ref headers);
        ReadHeaders(exception, ref headers);
        if (headers.Stated is { } stated)
            return stated;
        if (!kind.MayNameAWait())
            return null;

        return (kind == FailureKind.RateLimited ? RetryDelay.FromLimits(headers.Limits) : null)
            ?? FromBody(Body(response) ?? Body(exception), now)
            ?? RetryDelay.FromMessage(exception.Message);
    }

    private static TimeSpan? Noted(Exception exception, DateTimeOffset now)
    {
        switch (exception.Data[Note])
        {
            case TimeSpan delay:
                return RetryDelay.FromSeconds(delay.TotalSeconds);
            case DateTimeOffset date:
                return RetryDelay.FromSeconds(Math.Max(0, (date - now).TotalSeconds));
            case IConvertible value and not DateTime:
                var headers = new RetryHeaders(now);
                headers.Add(Note, value.ToString(CultureInfo.InvariantCulture));
                return headers.Stated;
            default:
                return null;
        }
    }

    private static void ReadHeaders(object? holder, ref RetryHeaders read)
    {
        foreach (var headers in holder is null ? [] : Values(holder, "Headers", "ResponseHeaders"))
        {
            switch (headers)
            {
                case IEnumerable<KeyValuePair<string, string>> single:
                    foreach (var (name, value) in single)
                        read.Add(name, value);
                    break;
                case IEnumerable<KeyValuePair<string, IEnumerable<string>>> several:
                    foreach (var (name, values) in several)
                        read.Add(name, values.FirstOrDefault());
                    break;
                case IEnumerable items:
                    // Azure's are pairs of a type of their own.
                    foreach (var item in items)
                        read.Add(Text(item, "Name"), Text(item, "Value"));
                    break;
            }
        }
    }

    private static TimeSpan? FromBody(string? body, DateTimeOffset now)
    {
        // Some SDKs put the status before the body.
        var start = body?.AsSpan().IndexOfAny('{', '[') ?? -1;
        if (start < 0)
            return null;

        try
        {
            using var document = JsonDocument.Parse(body.AsMemory(start));
            return RetryDelay.FromBody(document.RootElement, now) ?? RetryDelay.FromMessage(body);
        }
        catch (JsonException)
        {
            return RetryDelay.FromMessage(body);
        }
    }

    private static string? Body(object? holder) =>
        holder is null ? null : Values(holder, "ResponseBody", "Content").Select(static value => value.ToString()).FirstOrDefault();

    private static string? Text(object holder, string name) => Values(holder, name).OfType<string>().FirstOrDefault();

    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = Trimmed)]
    private static object? RawResponse(Exception exception)
    {
        var method = exception.GetType().GetMethod("GetRawResponse", PublicInstance, Type.EmptyTypes);
        return method is null ? null : Safely(() => method.Invoke(exception, null));
    }

    /// <summary>What the named properties hold, where they hold anything.</summary>
    // Not GetProperty: where a class hides the property of its base that throws.
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = Trimmed)]
    private static IEnumerable<object> Values(object holder, params string[] names)
    {
        foreach (var property in holder.GetType().GetProperties())
        {
            if (property.CanRead && names.Contains(property.Name) && Safely(() => property.GetValue(holder)) is { } value)
                yield return value;
        }
    }

    private static object? Safely(Func<object?> read)
    {
        try
        {
            return read();
        }
        catch (TargetInvocationException)
        {
            // A body that was not buffered, a property that does not apply.
            return null;
        }
    }
}
