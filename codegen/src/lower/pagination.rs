//! Where pages begin and end.

use super::{Context, names};
use crate::ir::{Field, Items, Pages, Presence, Structure, Type};
use crate::smithy::Shape;

/// The pages of an operation.
///
/// A pager of the runtime takes text that may be missing as tokens, an `i32` as the size of a page and a list as its
/// items, each a member of input or output itself. An operation whose tokens are otherwise has no pager; one whose size
/// or items are otherwise has one without them.
pub(super) fn pages(cx: &Context<'_>, operation: &Shape, input: &Structure, output: &Structure) -> Option<Pages> {
    let said = cx.model.paginated(cx.service, operation)?;
    let is_token = |field: &&Field| field.of == Type::Text && field.presence == Presence::Optional;
    let token = field(input, said.input_token?).filter(is_token)?;
    let next_token = field(output, said.output_token?).filter(is_token)?;
    let page_size = said.page_size.and_then(|name| field(input, name)).filter(|field| field.of == Type::Integer);
    Some(Pages {
        token: token.name.clone(),
        token_name: said.input_token?.to_owned(),
        next_token: next_token.name.clone(),
        page_size: page_size.map(|field| field.name.clone()),
        items: said.items.and_then(|name| items(field(output, name)?)),
    })
}

fn items(field: &Field) -> Option<Items> {
    match &field.of {
        Type::List(element) if field.presence == Presence::Optional => {
            Some(Items { field: field.name.clone(), element: (**element).clone() })
        }
        _ => None,
    }
}

/// The field of a member; a path into other structures (`Result.Token`) leads to none.
fn field<'a>(structure: &'a Structure, member: &str) -> Option<&'a Field> {
    let name = names::field(member);
    structure.fields.iter().find(|field| field.name == name)
}
