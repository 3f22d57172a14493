namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>The errors of npm's openai package, which others throw too that are built on it.</summary>
internal static class OpenAIErrors
{
    public static string Name(int status) => status switch
    {
        400 => "BadRequestError",
        401 => "AuthenticationError",
        404 => "NotFoundError",
        429 => "RateLimitError",
        >= 500 => "InternalServerError",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not one that the tests cause."),
    };
}
