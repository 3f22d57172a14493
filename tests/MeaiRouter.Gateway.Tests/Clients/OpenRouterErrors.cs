namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>The errors of npm's @openrouter/sdk.</summary>
internal static class OpenRouterErrors
{
    public static string Name(int status) => status switch
    {
        400 => "BadRequestResponseError",
        401 => "UnauthorizedResponseError",
        404 => "NotFoundResponseError",
        429 => "TooManyRequestsResponseError",
        503 => "ServiceUnavailableResponseError",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not one that the tests cause."),
    };
}
