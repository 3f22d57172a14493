using MeaiRouter.Routing;

namespace MeaiRouter.OpenAI;

/// <summary>Keys of <c>AdditionalProperties</c> under which this library looks when it writes a request.</summary>
public static class RequestProperties
{
    /// <summary>
    /// Fields of the wire that Microsoft.Extensions.AI has no word for, as a JSON object (<c>JsonElement</c> or <c>JsonObject</c>):
    /// on <c>ChatOptions</c> those of the request (<c>logit_bias</c>, <c>user</c>, <c>metadata</c>, ...), on a message, a content or a
    /// tool those of it (<c>cache_control</c>, ...). They win over what the options say, as <c>RawRepresentationFactory</c> does.
    /// No other entry of <c>ChatOptions.AdditionalProperties</c> is sent, except <see cref="Strict"/>.
    /// </summary>
    public const string ExtraBody = "extra_body";

    /// <summary>
    /// Headers to send besides those the client is configured with, on <c>ChatOptions</c>: an <c>IReadOnlyDictionary&lt;string, string&gt;</c>. One
    /// that the client sets itself (<c>Authorization</c>, <c>Content-*</c>, ...) is an invalid request, one that it is configured with stays as it is.
    /// </summary>
    public const string Headers = RequestHeaders.Key;

    /// <summary>
    /// Who wants to see the body as it is sent, on <c>ChatOptions</c>: an <c>Action&lt;string, ReadOnlyMemory&lt;byte&gt;&gt;</c> that is called with the
    /// provider's name and the JSON before each call, perhaps from several threads at once. It must not throw. Keys are never in a body.
    /// </summary>
    public const string BodyObserver = "meairouter.body_observer";

    /// <summary>
    /// Whether the provider must hold the model to a JSON schema (<see cref="bool"/>), on a tool or on <c>ChatOptions</c>; the options'
    /// holds for the response format and for every tool that does not say.
    /// </summary>
    public const string Strict = "strict";

    /// <summary>How closely the model looks at an image (<c>auto</c>, <c>low</c>, <c>high</c>), on the image's content.</summary>
    public const string Detail = "detail";

    /// <summary>
    /// The field that reasoning came in (<c>reasoning</c> or <c>reasoning_content</c>), on the reasoning's content. Reasoning without it,
    /// and without <c>reasoning_details</c> in its <c>ProtectedData</c>, came from another wire and goes only to providers whose
    /// <see cref="RequestSpelling.Reasoning"/> names a field.
    /// </summary>
    public const string ReasoningField = "reasoning_field";
}
