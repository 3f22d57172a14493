using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Wire;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Errors;

/// <summary>An error in OpenRouter's envelope: status, message, <c>error_type</c>, and which provider said what.</summary>
internal sealed record GatewayError(int Status, WireError Body, TimeSpan? RetryAfter = null)
{
    /// <summary>Whether the request may not have been read to its end, so that no other can follow it on its connection.</summary>
    public bool EndsConnection { get; init; }

    /// <summary>The field of the request that is wrong, for those who have a place for it; <see langword="null"/> where no single one is.</summary>
    public string? Parameter { get; init; }

    /// <summary>The limit that refused the request; <see langword="null"/> if none did.</summary>
    public BudgetRefusal? Refusal { get; init; }

    // OpenRouter: a request of any other kind that fails inside is 500 with nothing to see.
    private static readonly GatewayError Internal = new(500, Envelope(500, "The gateway failed. Its log knows more.", "server", null));

    /// <summary>Reads what went wrong.</summary>
    public static GatewayError From(Exception exception, RequestedModels models) => exception switch
    {
        GatewayException refusal => new(refusal.Status, Envelope(refusal.Status, refusal.Message, refusal.ErrorType, null), refusal.RetryAfter)
        {
            Parameter = refusal.Parameter,
            EndsConnection = refusal.Status is StatusCodes.Status408RequestTimeout or StatusCodes.Status413PayloadTooLarge,
        },
        RouterException failure => From(failure, models),
        BadHttpRequestException bad => new(bad.StatusCode, Envelope(bad.StatusCode, bad.Message, TypeOf(bad.StatusCode), null))
        {
            EndsConnection = true,
        },

        // A store that cannot be asked says nothing about the caller: it is never his key that is wrong.
        DbException => new(503, Envelope(503, "A database of the gateway cannot be used at the moment. Try again.", "server", null)),
        _ => Internal,
    };

    // Kestrel's own refusals: a body that is too large, or that comes too slowly.
    private static string TypeOf(int status) => status switch
    {
        StatusCodes.Status413PayloadTooLarge => "payload_too_large",
        StatusCodes.Status408RequestTimeout => "timeout",
        _ => "invalid_request",
    };

    private static GatewayError From(RouterException failure, RequestedModels models)
    {
        var (status, errorType) = Availability.IsRegionRestricted(failure) ? (StatusCodes.Status403Forbidden, "permission_denied")
            : ContextLimit.IsExceededEverywhere(failure) ? (StatusCodes.Status400BadRequest, "context_length_exceeded")
            : (failure.Kind.Consequences().HttpStatus, ErrorTypes.Of(failure));
        var body = Envelope(status, failure.Message, errorType, Details(failure));
        if (Availability.Of(failure, models) is { } availability)
            body.Extra = new Dictionary<string, JsonElement> { ["availability"] = availability };
        return new GatewayError(status, body, failure.RetryAfter) { Refusal = failure.BudgetRefusal, Parameter = failure.Parameter };
    }

    private static WireError Envelope(int status, string message, string errorType, JsonObject? details)
    {
        details ??= [];
        details.Insert(0, "error_type", errorType);
        return new WireError
        {
            Code = status.ToString(CultureInfo.InvariantCulture),
            Message = message,
            Metadata = JsonSerializer.SerializeToElement(details, WireJson.Strict.JsonObject),
        };
    }

    private static JsonObject Details(RouterException failure)
    {
        var details = new JsonObject();
        if (failure.Provider is { } provider)
            details["provider_name"] = provider;
        if (failure.ProviderCode is { } code)
            details["provider_code"] = code;
        if (failure.RequestId is { } requestId)
            details["provider_request_id"] = requestId;

        if (failure.BudgetRefusal is { } refusal)
            details["budget"] = Budget(refusal);

        var previous = new JsonArray();
        foreach (var attempt in failure.Attempts)
        {
            if (attempt.Failure is { } earlier)
                previous.Add((JsonNode)Previous(attempt, earlier));
        }

        if (previous.Count > 0)
            details["previous_errors"] = previous;
        return details;
    }

    private static JsonObject Budget(BudgetRefusal refusal) => new()
    {
        ["scope"] = refusal.Scope,
        ["measure"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(refusal.Measure.ToString()),
        ["window"] = refusal.Window,
        ["limit"] = refusal.Limit,
        ["spent"] = refusal.Spent,
        ["reserved"] = refusal.Reserved,
        ["needed"] = refusal.Needed,
        ["resets_at"] = refusal.ResetsAt?.UtcDateTime,
        ["fitting_max_tokens"] = refusal.FittingOutputTokens,
    };

    private static JsonObject Previous(RouteAttempt attempt, RouterException failure) => new()
    {
        ["provider"] = attempt.Provider,
        ["model"] = attempt.Model?.Id,
        ["code"] = failure.Kind.Consequences().ErrorType,
        ["status"] = failure.Status,
        ["message"] = failure.Message,
    };
}
