//! Why a request is not acknowledged.

/// The documented statuses, each with what leads to it here.
///
/// The vendor documents a status for each kind of failure and no body (its
/// [reference page](https://developer.zendesk.com/api-reference/ai-agents/ticket/ticket)). The
/// emulator adds the stable code, in the header `x-emulator-cause`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    BodyNotJson,
    BodyTooLarge,
    FieldMissing,
    FieldInvalid,
    KeyMissing,
    KeyNotEmu,
    KeyUnknown,
    BotMissing,
    BotUnknown,
    BotWithoutCustomCrm,
    NoSuchEndpoint,
    Fault,
    Internal,
}

impl Cause {
    /// The code in `x-emulator-cause`.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::BodyNotJson => "body-not-json",
            Self::BodyTooLarge => "body-too-large",
            Self::FieldMissing => "field-missing",
            Self::FieldInvalid => "field-invalid",
            Self::KeyMissing => "key-missing",
            Self::KeyNotEmu => "key-not-emu",
            Self::KeyUnknown => "key-unknown",
            Self::BotMissing => "bot-missing",
            Self::BotUnknown => "bot-unknown",
            Self::BotWithoutCustomCrm => "bot-without-custom-crm",
            Self::NoSuchEndpoint => "no-such-endpoint",
            Self::Fault => "fault",
            Self::Internal => "internal",
        }
    }

    /// The status that the vendor documents for it.
    pub(super) const fn status(self) -> u16 {
        match self {
            Self::BodyNotJson | Self::BodyTooLarge | Self::FieldMissing | Self::FieldInvalid => 400,
            Self::KeyMissing | Self::KeyNotEmu | Self::KeyUnknown | Self::BotMissing | Self::BotUnknown => {
                401
            }
            Self::BotWithoutCustomCrm => 403,
            Self::NoSuchEndpoint => 404,
            Self::Fault | Self::Internal => 500,
        }
    }
}
